# SPDX-License-Identifier: GPL-2.0
# Settings of sphinx-build for "make docs".
project = "mbox"
master_doc = "index"
html_theme = "alabaster"
