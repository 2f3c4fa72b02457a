# SPDX-License-Identifier: GPL-2.0
# Recursion only: each folder builds itself, selftests/vm runs the guests.
#
#   make KDIR=/lib/modules/$(uname -r)/build    build against your own kernel

KERNEL ?= 6.1
VM := selftests/vm
export KERNEL BREAK KDIR TEST
ifdef SERVERS
export MBOX_SERVERS := $(SERVERS)
endif
# The guest's shell gets the command as it was typed, with its dollar signs.
export GUEST_COMMAND := $(value CMD)

all: deps module user tests ## build the module, the tools and the tests

demo: deps ## boot a guest and show the first steps
	@$(VM)/run.sh cmd 'sh /vm/demo.sh'

vm: deps ## boot a guest with a prompt; CMD='...' runs one command, SERVERS=1 adds servers
	@$(VM)/run.sh $(if $(value CMD),cmd "$$GUEST_COMMAND",shell)

check: deps ## run every check; TEST=poll_test runs one test program
	@$(VM)/check.sh $(TEST)

bench: deps ## measure every mechanism in a guest; ARGS='--quick pipe mbox' go to ipcbench
	@$(VM)/bench.sh time $(ARGS)

bench-icount: deps ## hold mbox to its targets, in instructions, on each kernel; ARGS as above
	@$(if $(ARGS),$(VM)/bench.sh icount $(ARGS),selftests/bench/targets.sh icount)

bench-smp: deps ## the same by the clock, across two processors, on an idle machine
	@selftests/bench/targets.sh time

features: deps ## find out in a guest what each mechanism can do
	@$(VM)/bench.sh features $(ARGS)

install: ## install the tools and the library (PREFIX, DESTDIR)
	@$(MAKE) -C user install

dkms: ## install the module for your own kernels through dkms
	@$(MAKE) -C kmod dkms

docs: deps ## build the documentation
	@$(MAKE) -C Documentation

clean: ## remove what builds have left; the cache stays
	@$(MAKE) -C user clean
	@rm -rf build

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 21

deps:
	@$(VM)/deps.sh

module:
	@$(VM)/module.sh $(KERNEL) $(BREAK)

user:
	@$(MAKE) -C user all

tests:
	@$(VM)/tests.sh $(KERNEL)

.PHONY: all demo vm check bench bench-icount bench-smp features install dkms docs clean help deps module user tests
