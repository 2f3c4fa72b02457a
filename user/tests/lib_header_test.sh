#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The headers compile alone, as C and as C++, for 64 and for 32 bits, with the
# layout that the ABI promises.

: "${here:?run by run.sh}" "${top:?}" "${out:?}"
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "$here/tap.sh"

include="-I$top/user/libmbox -I$top/kmod/include/uapi"
strict='-Wall -Wextra -Wpedantic -Werror -fsyntax-only'

# compile COMPILER... : the header that stands on standard input, alone
compile() {
	# shellcheck disable=SC2086 # both are lists of options
	"$@" $strict $include -
}

alone() {
	printf '#include <%s>\n' "$1" | compile "$CC" -std=gnu11 -xc
}

for header in mbox.h linux/mbox.h linux/mbox_netlink.h; do
	check "$header compiles alone" alone "$header"
done

cplusplus() {
	compile "$CXX" -xc++ -std=c++11 <<-END
		#include <mbox.h>
		int main()
		{
			mbox *m = nullptr;
			mbox_filter f = mbox_filter_any();

			return mbox_open(&m, "m", nullptr) ||
			       mbox_send(m, f.lo, "", 0, MBOX_FOREVER);
		}
	END
}

if command -v "$CXX" > /dev/null; then
	check 'mbox.h compiles as C++' cplusplus
else
	skip 'mbox.h compiles as C++' 'no C++ compiler'
fi

abi() {
	compile "$CC" -std=gnu11 -xc "$1" < "$here/lib_abi.c"
}

check 'layout, 64 bits' abi -m64
if echo '#include <stdint.h>' | "$CC" -m32 -E - > /dev/null 2>&1; then
	check 'layout, 32 bits' abi -m32
else
	skip 'layout, 32 bits' 'no 32-bit C library'
fi

# A check that could not fail would be none.
wrong_size() {
	! sed 's/(struct mbox_open, 64)/(struct mbox_open, 63)/' \
		"$here/lib_abi.c" | compile "$CC" -std=gnu11 -xc 2> /dev/null
}
check 'a wrong size would be found' wrong_size

tap_done
