"""Files of texts (.pot) and translations (.po), read and written with polib, which Odoo itself
comes with.
"""

import polib

MOMENTS = ("POT-Creation-Date", "PO-Revision-Date")


def tidy(template):
    """Sort and wrap the texts that Odoo has exported, and drop the moment of the export: the file
    changes when a text does.
    """
    _save(polib.pofile(str(template)), template)


def update(file, template):
    """Bring a translation up to date with the texts: what was translated stays, what is said no
    longer goes, what is new is empty. A file that does not exist yet is begun.
    """
    texts = polib.pofile(str(template))
    catalog = polib.pofile(str(file)) if file.exists() else polib.POFile()
    catalog.merge(texts)
    for entry in catalog.obsolete_entries():
        catalog.remove(entry)
    # In the header Odoo leaves the language out, which editors ask for
    catalog.header = texts.header
    catalog.metadata = {**texts.metadata, **catalog.metadata, "Language": file.stem}
    _save(catalog, file)


def _save(catalog, file):
    catalog.sort(key=lambda entry: entry.msgid)
    for name in MOMENTS:
        catalog.metadata.pop(name, None)
    catalog.save(str(file))


def count(file):
    """Say how many texts there are, and how many of them miss a translation."""
    catalog = polib.pofile(str(file))
    missing, fuzzy = len(catalog.untranslated_entries()), len(catalog.fuzzy_entries())
    return f"{len(catalog)} texts, {missing} missing, {fuzzy} fuzzy"
