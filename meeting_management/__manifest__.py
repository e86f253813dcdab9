{
    "name": "Meeting Management",
    "summary": "Formal meetings from application to closed tasks: approval, rooms, notices, sign-in, minutes, resolutions",
    "version": "19.0.1.0.0",
    "category": "Productivity/Meetings",
    "license": "LGPL-3",
    "author": "Meeting Management contributors",
    "depends": ["mail", "calendar", "portal", "hr"],
    "external_dependencies": {"python": ["weasyprint"]},
    "data": [
        "security/meeting_security.xml",
        "security/ir.model.access.csv",
        "security/meeting_rules.xml",
        "data/ir_sequence_data.xml",
    ],
    "demo": [],
    "application": True,
}
