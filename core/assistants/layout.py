"""What an assistant's folder looks like, wherever it lies (pure).

assistant.toml      name, language, persona, rules, starters, rubric, modes, thoughts,
                    who answers, routing, documents' dates and what they hide
documents/          files, also in folders of their own
"""

from core.errors import InvalidInput
from core.i18n import _

DEFINITION = "assistant.toml"
DOCUMENTS = "documents"
FIELDS = ("name", "language", "persona", "rules", "starters", "rubric", "modes", "thoughts")
ROUTING = "routing"
LEFT_OUT = {"", ".", "..", ".DS_Store"}
File = tuple[str, bytes]


def is_plain(name: str) -> bool:
    """Whether a document's name leads nowhere else and is not what a Mac leaves behind."""
    parts = name.split("/")
    return "\\" not in name and not any(p in LEFT_OUT or p.startswith("._") for p in parts)


def not_a_folder(path: str) -> InvalidInput:
    return InvalidInput(
        _("There is no {file} in {path}.").format(file=DEFINITION, path=path),
        hint=_("An assistant's folder holds assistant.toml and a folder named documents."),
        field="file",
        code="no_assistant_toml",
    )
