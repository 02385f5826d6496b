"""What XML files of a room name: models, in attributes and as the text of fields."""

import xml.sax

# <field name="model">order.review</field>, <field name="res_model">...; names of fields are not
# looked at.
MODEL_ATTRIBUTES = {"model", "res_model", "src_model", "binding_model"}
MODEL_FIELDS = MODEL_ATTRIBUTES | {"relation", "model_name"}


class ModelReferences(xml.sax.ContentHandler):
    """Collects (line, model or external id of a model) while the file is read."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.field = None

    def startElement(self, tag, attributes):
        self.field = None
        line = self._locator.getLineNumber()
        for name, value in attributes.items():
            if name in MODEL_ATTRIBUTES or (name == "ref" and value.startswith("model_")):
                self.found.append((line, value))
        if tag == "field" and attributes.get("name") in MODEL_FIELDS:
            self.field, self.text = line, ""

    def characters(self, content):
        if self.field:
            self.text += content

    def endElement(self, tag):
        if self.field:
            self.found.append((self.field, self.text.strip()))
        self.field = None


def references(file):
    handler = ModelReferences()
    xml.sax.parse(str(file), handler)
    return handler.found


def problems(rules, found):
    by_external_id = {"model_" + model.replace(".", "_"): model for model in found.models}
    for room, file in rules.files("*.xml"):
        for line, value in references(file):
            model = by_external_id.get(value, value)
            other = found.owner(model)
            if not rules.permits(room, other):
                yield rules.breach(file, line, room, other, f"model '{model}'")
