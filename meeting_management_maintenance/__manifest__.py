{
    "name": "Meeting Management: Maintenance",
    "summary": "A faulty device in a meeting room opens a maintenance request and follows it",
    "version": "19.0.1.2.0",
    "category": "Productivity/Meetings",
    "license": "LGPL-3",
    "author": "Meeting Management contributors",
    "depends": ["meeting_management", "maintenance"],
    "data": ["views/meeting_fault_views.xml"],
    "auto_install": True,
}
