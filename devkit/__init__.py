"""The toolchain behind ./dev: sets the machine up, then runs, tests and checks the addon. Standard library only.

base       paths, steps, locks, running programs, turning their failures into one sentence
system     Debian packages, disk, ports
fetch      Odoo 19 out of Debian's archive
odoo       our addons; the virtual environment; running Odoo
log        warnings and errors in Odoo's log
postgres   finding or starting PostgreSQL; databases
templates  databases made once and copied
setup      all of the above in one call
serve      ./dev run, ./dev shell
people     the table of logins
checks     ./dev test, lint, gate, bench
theirs     ./dev test-odoo
translate  ./dev i18n
benchmark  for the files in bench/
peer       addons of others, for a benchmark to measure ours against
cli        the command line; knows all, known by none
"""
