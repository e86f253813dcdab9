{
    "name": "Meeting Management",
    "summary": "Formal meetings from application to closed tasks: approval, rooms, notices, sign-in, minutes, resolutions",
    "version": "19.0.1.0.0",
    "category": "Productivity/Meetings",
    "license": "LGPL-3",
    "author": "Meeting Management contributors",
    "website": "https://github.com/meeting-management/meeting_management",
    "depends": ["mail", "calendar", "portal", "hr"],
    "external_dependencies": {"python": ["weasyprint"]},
    "data": [],
    "demo": [],
    "application": True,
}
