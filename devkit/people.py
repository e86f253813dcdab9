"""Who may log in: the table of the addon's demo data."""

import csv
import json
import unicodedata
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

from .base import ROOT, Stop, say


def logins(demo=True, root=ROOT):
    """(role, login, password, language) of the people one may log in as."""
    path = root / "meeting_management/demo/logins.csv"
    if not demo or not path.exists():
        return [("Administrator", "admin", "admin", "")]
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return [
            tuple((row.get(key) or "").strip() for key in ("role", "login", "password", "language"))
            for row in csv.DictReader(handle)
        ]


def width(text):
    """Columns a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(rows):
    rows = [("Role", "Login", "Password", "Language"), *rows]
    widths = [max(width(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  " + "  ".join(cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def check_logins(address, database, people):
    """Log in as each of them, and load the web client's page.

    :raises Stop: naming those who cannot.
    """
    refused = []
    for _role, login, password, _language in people:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        body = json.dumps({"params": {"db": database, "login": login, "password": password}}).encode()
        request = urllib.request.Request(
            f"{address}/web/session/authenticate", body, {"Content-Type": "application/json"}
        )
        with opener.open(request, timeout=60) as answer:
            uid = (json.load(answer).get("result") or {}).get("uid")
        if not uid:
            refused.append(login)
            continue
        try:
            opener.open(f"{address}/odoo", timeout=60).close()
        except urllib.error.HTTPError as error:
            refused.append(f"{login} (/odoo answers {error.code})")
    if refused:
        raise Stop(f"These people of the table cannot log in: {', '.join(refused)}.")
    say(f"Logged in as each of the {len(people)}.")
