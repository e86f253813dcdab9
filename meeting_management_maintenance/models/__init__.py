from . import meeting_fault
from . import maintenance_request
