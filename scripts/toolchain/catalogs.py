"""Files of translations (.po), read and written with polib, which Odoo itself comes with."""


def complete_header(file, code):
    """Name the language in the header, which Odoo leaves out and editors ask for; in the order
    and the lines that make lint wants."""
    import polib

    catalog = polib.pofile(str(file))
    catalog.sort(key=lambda entry: entry.msgid)
    catalog.metadata["Language"] = code
    catalog.metadata.pop("POT-Creation-Date", None)
    catalog.metadata.pop("PO-Revision-Date", None)
    catalog.save(str(file))


def count(file):
    """Say how many texts there are, and how many of them miss a translation."""
    import polib

    catalog = polib.pofile(str(file))
    missing, fuzzy = len(catalog.untranslated_entries()), len(catalog.fuzzy_entries())
    return f"{len(catalog)} texts, {missing} missing, {fuzzy} fuzzy"
