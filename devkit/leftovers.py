"""What an uninstallation leaves behind: tables and the like, and words of what was secret."""

import subprocess

from . import postgres
from .base import Stop

PLANTED = "zqplantedword"
"""Put into every text of our tables and of Odoo's rows about them, before the uninstallation."""

OBJECTS = """
    SELECT relname FROM pg_class WHERE relkind IN ('r', 'S', 'v', 'm') AND relnamespace = 'public'::regnamespace
    UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
"""

TEXT_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN pg_class ON relname = table_name
     WHERE table_schema = 'public' AND relkind = 'r' AND data_type IN ('text', 'character varying')
       AND (table_name LIKE 'meeting\\_%' AND column_name IN ('name', 'purpose', 'goal', 'notes', 'text', 'body')
            OR (table_name, column_name) IN (('mail_message', 'body'), ('mail_message', 'subject'),
                ('mail_activity', 'summary'), ('mail_activity', 'res_name'), ('ir_attachment', 'description'),
                ('mail_mail', 'body_html'), ('mail_tracking_value', 'new_value_char')))
"""

OF_A_MESSAGE = "mail_message_id IN (SELECT id FROM mail_message WHERE model LIKE 'meeting.%')"
ABOUT_US = {
    "mail_message": "model LIKE 'meeting.%'",
    "mail_mail": OF_A_MESSAGE,
    "mail_tracking_value": OF_A_MESSAGE,
    "mail_activity": "res_model LIKE 'meeting.%'",
    "ir_attachment": "res_model LIKE 'meeting.%'",
}


def objects(database):
    """Names of tables, columns, sequences, views, functions and triggers."""
    return {row[0] for row in postgres.sql(OBJECTS, database)}


def plant(database):
    """Put the word into every text about meetings that stands in the database; how many texts have it now."""
    planted = 0
    for table, column in postgres.sql(TEXT_COLUMNS, database):
        rows = postgres.sql(
            f"""ALTER TABLE {table} DISABLE TRIGGER USER;  -- evidence refuses every change
            WITH changed AS (UPDATE {table} SET {column} = {column} || ' {PLANTED}'
                              WHERE {ABOUT_US.get(table, 'true')} AND {column} IS NOT NULL RETURNING 1)
            SELECT count(*) FROM changed;
            ALTER TABLE {table} ENABLE TRIGGER USER""",  # noqa: S608  names from the catalogue
            database,
        )
        planted += int(rows[0][0])
    if not planted:
        raise Stop("No text about meetings was found to plant a word in: the check of leftovers would prove nothing.")
    return planted


def words(database):
    """Lines of a dump of the database in which the word still stands."""
    dump = subprocess.run(["pg_dump", "--data-only", database], capture_output=True, text=True, check=True)
    return [line[:120] for line in dump.stdout.splitlines() if PLANTED in line]
