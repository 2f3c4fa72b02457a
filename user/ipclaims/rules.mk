# SPDX-License-Identifier: GPL-2.0-only
#
# ipclaims: checks what the lectures claim. lab.a, what it shares with ipcbench, is
# made by the rules of that.

claims_src := $(wildcard $(src)/ipclaims/*.c)
claims_part := tools/output.o tools/parse.o lab.a libmbox.a

# $(call claims_obj,FOLDER): the objects of the program there. Their folder cannot
# have the name of the program, which lies beside it.
claims_obj = $(patsubst $(src)/ipclaims/%.c,$(1)/claims/%.o,$(claims_src)) \
	$(addprefix $(1)/,$(claims_part))
claims_link = $(CC) $(LDFLAGS) -pthread -o $@ $^ $(NL_LIBS) -ldl -lrt

.PHONY: ipclaims install_ipclaims clean_ipclaims

all: ipclaims
ipclaims: $(out)/ipclaims

$(out)/claims/%.o: $(src)/ipclaims/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -c -o $@ $<

$(out)/ipclaims: $(call claims_obj,$(out))
	$(call quiet,LD)$(claims_link) $(CFLAGS)

# The same with the sanitizers, for the test of the program.
$(san)/claims/%.o: $(src)/ipclaims/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(sanflags) -c -o $@ $<

$(san)/ipclaims: $(call claims_obj,$(san))
	$(call quiet,LD)$(claims_link) $(sanflags)

tests: $(san)/ipclaims

install: install_ipclaims
install_ipclaims: $(out)/ipclaims
	$(INSTALL) -D -m 755 -t '$(DESTDIR)$(BINDIR)' $<

clean: clean_ipclaims
clean_ipclaims:
	rm -rf $(addprefix $(out)/,claims ipclaims)
