from . import meeting_action_report
from . import meeting_level_wizard
from . import meeting_topic_level_wizard
from . import meeting_reason
from . import meeting_reason_unsigned
from . import meeting_reschedule
from . import meeting_leaving
from . import meeting_booking_decision
