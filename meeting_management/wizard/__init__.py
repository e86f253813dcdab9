from . import meeting_reschedule
