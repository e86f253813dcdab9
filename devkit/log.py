"""Reading Odoo's log."""

import re

KNOWN = []  # patterns of lines that are Odoo's own fault, each as narrow as it can be; none so far
PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def problems(output, known=KNOWN):
    """WARNING and ERROR entries of an Odoo log, each with its traceback, without the known ones."""
    entries, current = [], None
    for line in output.splitlines():
        if re.match(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ [A-Z]+ ", line):
            current = [line] if PROBLEM.match(line) else None
            if current:
                entries.append(current)
        elif current is not None and len(current) < 40:
            current.append(line)
    texts = ["\n".join(entry) for entry in entries]
    return [text for text in texts if not any(re.search(pattern, text) for pattern in known)]
