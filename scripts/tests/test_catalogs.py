"""The files of texts and translations: kept tidy, and true to the texts that they translate."""

import re

import polib
import pytest

from toolchain import catalogs, paths

FOLDER = paths.ADDON_DIR / "i18n"
TEMPLATE = FOLDER / f"{paths.ADDON}.pot"
# %s, %(name)s and {name} are filled in, tags are the page itself: neither is translated
PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|%[sdgi]|\{\w*\}")
TAGS = re.compile(r"</?\w+")


HEADER = 'msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-01-01 00:00+0000\\n"\n\n'
PYTHON = "#. module: x\n#. odoo-python\n#: code:addons/x/models/x.py:0\n"


@pytest.fixture
def template(tmp_path):
    """A file of texts as Odoo exports it."""
    file = tmp_path / "x.pot"
    file.write_text(f'{HEADER}{PYTHON}msgid "Take"\nmsgstr ""\n\n{PYTHON}msgid "Ask"\nmsgstr ""\n')
    return file


@pytest.fixture
def translation(tmp_path):
    """A translation of earlier texts."""
    file = tmp_path / "nl_NL.po"
    file.write_text(f'{HEADER}{PYTHON}msgid "Take"\nmsgstr "Nemen"\n\nmsgid "Gone"\nmsgstr "Weg"\n')
    return file


def test_tidy_sorts_and_drops_the_moment(template):
    catalogs.tidy(template)
    catalog = polib.pofile(str(template))
    assert [entry.msgid for entry in catalog] == ["Ask", "Take"]
    assert not catalog.metadata


def test_update_keeps_what_is_translated(template, translation):
    catalogs.update(translation, template)
    catalog = polib.pofile(str(translation))
    assert {entry.msgid: entry.msgstr for entry in catalog} == {"Ask": "", "Take": "Nemen"}
    assert catalog.metadata == {"Language": "nl_NL"}
    # Without it Odoo does not take it for a text of the code
    assert "odoo-python" in catalog.find("Ask").comment
    assert catalogs.count(translation) == "2 texts, 1 missing, 0 fuzzy"


def test_update_begins_a_language(template, tmp_path):
    catalogs.update(tmp_path / "de_DE.po", template)
    assert catalogs.count(tmp_path / "de_DE.po") == "2 texts, 2 missing, 0 fuzzy"


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.po")), ids=lambda file: file.stem)
def test_translations_are_of_the_texts_of_the_template(file):
    texts, translated = polib.pofile(str(TEMPLATE)), polib.pofile(str(file))
    assert {entry.msgid for entry in translated} == {entry.msgid for entry in texts}
    assert not translated.fuzzy_entries()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.po")), ids=lambda file: file.stem)
@pytest.mark.parametrize("pattern", [PLACEHOLDERS, TAGS], ids=["placeholders", "tags"])
def test_translations_keep_what_is_no_text(file, pattern):
    catalog = polib.pofile(str(file)).translated_entries()
    assert catalog
    broken = [
        entry.msgid
        for entry in catalog
        if sorted(pattern.findall(entry.msgid)) != sorted(pattern.findall(entry.msgstr))
    ]
    assert not broken
