"""The one page of the codec endpoint: a reader shows the token once, and the browser has a cookie from then on."""

from html import escape
from typing import Final

_PAGE: Final = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Curative</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; color: #1f2937; }}
.second {{ color: #6b7280; }} input, button {{ font: inherit; padding: .5rem .75rem; }} input {{ width: 20rem; }}
</style></head><body>
<h1>Données chiffrées<br><span class="second">Encrypted data</span></h1>
{message}
</body></html>
"""
_FORM: Final = """<p>{french}<br><span class="second">{english}</span></p>
<form method="post" action="login"><input type="password" name="token" autocomplete="current-password" autofocus
aria-label="Jeton / Token"> <button>Ouvrir / Open</button></form>"""

ASK: Final = (
    "Votre jeton de lecture permet à la Web UI de Temporal d'afficher les dossiers en clair dans ce navigateur.",
    "Your reader's token lets Temporal's Web UI show cases in clear in this browser.",
)
WRONG: Final = ("Ce jeton n'est celui de personne.", "Nobody has this token.")
_DONE: Final = """<p>Bonjour {name} : <a href="{ui}">la Web UI</a> affiche les dossiers en clair pour douze heures.<br>
<span class="second"><a href="{ui}">The Web UI</a> shows cases in clear for twelve hours.</span></p>"""


def asking(words: tuple[str, str] = ASK) -> str:
    """The page that asks for the token."""
    french, english = words
    return _PAGE.format(message=_FORM.format(french=escape(french), english=escape(english)))


def welcoming(name: str, ui_url: str) -> str:
    """The page that leads on to the Web UI."""
    return _PAGE.format(message=_DONE.format(name=escape(name), ui=escape(ui_url)))
