# SPDX-License-Identifier: GPL-2.0-only
#
# rpcgen makes of calc.x the header, the marshalling, the client's stubs and the
# server's dispatcher; they are compiled as they come, without warnings.

rpc_src := $(src)/examples/rpc
rpc_out := $(out)/examples/rpc
rpc_cflags := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags libtirpc 2>/dev/null))
rpc_libs := $(shell $(PKG_CONFIG) --libs libtirpc 2>/dev/null)
rpc_ready := $(and $(rpc_libs),$(shell command -v rpcgen 2>/dev/null))
rpc_parts := $(wildcard $(rpc_src)/parts/*.c)
rpc_headers := $(wildcard $(rpc_src)/parts/*.h) $(src)/examples/check.h
rpc_programs := $(patsubst $(src)/%.c,$(out)/%,$(wildcard $(rpc_src)/*.c))
rpc_made := $(addprefix $(rpc_out)/parts/,calc_xdr.o calc_clnt.o calc_svc.o)

# $(call rpcgen,OPTION): it does not write over a file
rpcgen = mkdir -p $(@D) && rm -f $@ && cd $(rpc_src) && rpcgen -C -N -M $(1) -o $@ calc.x

$(rpc_out)/parts/calc.h: $(rpc_src)/calc.x
	$(call quiet,GEN)$(call rpcgen,-h)

$(rpc_out)/parts/calc_xdr.c: $(rpc_src)/calc.x
	$(call quiet,GEN)$(call rpcgen,-c)

$(rpc_out)/parts/calc_clnt.c: $(rpc_src)/calc.x
	$(call quiet,GEN)$(call rpcgen,-l)

$(rpc_out)/parts/calc_svc.c: $(rpc_src)/calc.x
	$(call quiet,GEN)$(call rpcgen,-m)

$(rpc_made): %.o: %.c $(rpc_out)/parts/calc.h
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null -w $(rpc_cflags) -c -o $@ $<

ifneq ($(rpc_ready),)
$(rpc_programs): $(out)/%: $(src)/%.c $(rpc_parts) $(rpc_headers) $(rpc_made) $(out)/libmbox.a
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null -I$(rpc_out)/parts $(rpc_cflags) \
		$(LDFLAGS) -o $@ $< $(rpc_parts) $(rpc_made) $(out)/libmbox.a \
		$(NL_LIBS) $(rpc_libs)
else
$(rpc_programs): $(out)/%: $(src)/%.c
	@echo 'No $(@F): it needs rpcgen (rpcsvc-proto) and libtirpc-dev.'
endif
