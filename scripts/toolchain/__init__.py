"""The developer's toolchain: Odoo, PostgreSQL, databases, tests, in one folder and without root."""
