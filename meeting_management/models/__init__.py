# The table of contents, in the order of a meeting's life.

# foundations
from . import meeting_mixin_state
from . import meeting_mixin_access
from . import meeting_mixin_document
from . import meeting_mixin_unsigned
from . import meeting_policy_mixin
from . import res_company
from . import res_config_settings
from . import res_users

# place and policy
from . import meeting_location
from . import meeting_room_feature
from . import meeting_room_blocking
from . import meeting_room
from . import meeting_room_refusal
from . import meeting_booking
from . import meeting_booking_release
from . import meeting_booking_check_in
from . import meeting_type_line
from . import meeting_type

# the meeting: plan, apply, invite, hold
from . import meeting_meeting
from . import meeting_meeting_access
from . import meeting_meeting_life
from . import meeting_approval
from . import meeting_participant
from . import meeting_agenda_item
from . import meeting_attendance
from . import meeting_meeting_room

# which room, and when everybody can come
from . import meeting_people_time
from . import meeting_room_finder
from . import meeting_room_alternative
from . import meeting_room_take
from . import meeting_room_board
from . import meeting_room_bus

# regular meetings: a rhythm, and the series that begets meetings by it
from . import meeting_rhythm
from . import meeting_rhythm_words
from . import meeting_rhythm_mixin
from . import meeting_rhythm_calendar
from . import meeting_series
from . import meeting_series_occurrence
from . import meeting_series_meeting

# what is signed before a secret meeting
from . import meeting_agreement
from . import meeting_agreement_signature
from . import meeting_agreement_meeting

# telling people
from . import meeting_notification
from . import meeting_notification_letter
from . import meeting_notification_send
from . import meeting_notification_subject
from . import res_users_preferences
from . import meeting_message_kind
from . import meeting_notice
from . import meeting_notice_text
from . import meeting_booking_notice
from . import meeting_secret_link
from . import meeting_guest_token
from . import meeting_guest_code
from . import meeting_guest
from . import meeting_guest_address
from . import meeting_calendar

# what was held before this system
from . import meeting_history
from . import meeting_history_minutes

# the first screen
from . import meeting_my_day
from . import meeting_agreement_notice

# keeping rooms in order: devices and faults, blockings, cleaning, inspection, technicians, use, loans, damage, fees
from . import meeting_room_care
from . import meeting_equipment
from . import meeting_booking_trouble
from . import meeting_fault
from . import meeting_fault_room
from . import meeting_fault_notice
from . import meeting_blocking_touched
from . import meeting_blocking_notice
from . import meeting_room_label
from . import meeting_cleaning_plan
from . import meeting_inspection
from . import meeting_booking_technician
from . import meeting_booking_use
from . import meeting_loan
from . import meeting_damage
from . import meeting_room_rate
from . import meeting_room_fee
from . import meeting_fee_statement

# rooms that are booked and not used
from . import meeting_no_show
from . import meeting_no_show_series

# who gets a room that several ask for, and what becomes of the others
from . import meeting_room_instead
from . import meeting_precedence
from . import meeting_booking_held
from . import meeting_booking_decision
from . import meeting_booking_displace
from . import meeting_room_consent

# rooms booked again and again, with a meeting or without
from . import meeting_booking_rhythm
from . import meeting_series_room

# seen from other apps
from . import calendar_event
from . import mail_privacy
from . import mail_privacy_thread
from . import mail_privacy_copies
from . import mail_privacy_booking
from . import activity_privacy
from . import hr_employee

# by what way it reaches them: when each wants it, summaries, browsers, group robots, Odoo's own digest
from . import meeting_notification_channel
from . import meeting_notification_push
from . import meeting_summary
from . import meeting_robot
from . import meeting_robot_message

# the outcome: minutes, resolutions, tasks, documents
from . import meeting_number
from . import meeting_minutes
from . import meeting_minutes_verbs
from . import meeting_minutes_revision
from . import meeting_minutes_print
from . import meeting_minutes_meeting
from . import meeting_minutes_notice
from . import meeting_resolution
from . import meeting_action_item
from . import meeting_action_verbs
from . import meeting_action_notice
from . import meeting_action_report
from . import meeting_agenda_item_level
from . import meeting_before
from . import meeting_agenda_carry
from . import meeting_agenda_late
from . import meeting_pdf
from . import meeting_outcome_my_day
from . import meeting_summary_follow_up
from . import digest_digest
from . import meeting_guest_minutes

# time: what is owed until when, who is reminded by which rule, and who hears of it if nothing happens
from . import meeting_clock
from . import meeting_clock_follow
from . import meeting_clock_meeting
from . import meeting_clock_outcome
from . import meeting_clock_task
from . import meeting_clock_booking
from . import meeting_clock_upkeep
from . import meeting_clock_face
from . import meeting_reminder_rule
from . import meeting_reminder_condition
from . import meeting_reminder
from . import meeting_reminder_text
from . import meeting_reminder_channel
from . import meeting_escalation
from . import meeting_calendar_change

# answering from the mail, documents read, proof of notice, short notice, is the job alive
from . import meeting_materials_read
from . import meeting_user_link
from . import meeting_link_subject
from . import meeting_link_meeting
from . import meeting_link_outcome
from . import mail_reply
from . import meeting_short_notice
from . import meeting_moved
from . import meeting_proxy
from . import meeting_proxy_notice
from . import meeting_notice_opened
from . import meeting_notice_proof
from . import meeting_notice_health

# the tablet at the door
from . import meeting_booking_door
from . import meeting_booking_door_meeting
from . import meeting_room_panel
from . import meeting_room_panel_screen
from . import meeting_room_panel_identity
from . import meeting_room_panel_deed

# secrets stay secret: who read what, who may in an emergency, levels, locked doors, collected materials
from . import meeting_access_log
from . import meeting_access_log_door
from . import meeting_access_log_retention
from . import meeting_access_logged
from . import meeting_break_glass
from . import meeting_break_glass_key
from . import meeting_level_change
from . import meeting_lock
from . import meeting_materials

# last, as they cover them all: names for readers only, and what ends with the right to read
from . import settings_privacy
from . import person_privacy
from . import meeting_mixin_stays
from . import file_links
from . import masked_names
from . import mail_privacy_end
