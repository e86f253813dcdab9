{
    "name": "Meeting Management: Text Messages",
    "summary": "What is urgent about a meeting also comes as a text message",
    "version": "19.0.1.0.0",
    "category": "Productivity/Meetings",
    "license": "LGPL-3",
    "author": "Meeting Management contributors",
    "depends": ["meeting_management", "sms"],
    "data": ["views/res_users_preferences_views.xml"],
    "auto_install": True,
}
