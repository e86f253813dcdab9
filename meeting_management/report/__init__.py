from . import meeting_documents, meeting_minutes_document
