from . import meeting_documents, meeting_agreement_document, meeting_minutes_document
from . import meeting_notice_proof_document, meeting_upkeep_document
