"""The toolchain behind ./dev: sets the machine up, then runs, tests and checks the addon. Standard library only.

base       paths, steps, locks, running programs, turning their failures into one sentence
system     Debian packages, disk, ports
odoo       the Odoo 19 tree and the virtual environment; running Odoo
postgres   finding or starting PostgreSQL; databases
templates  test databases: base template, addon template, clones
serve      ./dev run, ./dev shell
checks     ./dev lint, gate, i18n, bench, test-odoo
cli        the command line
"""
