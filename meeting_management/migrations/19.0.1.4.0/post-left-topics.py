"""Topics that were not reached long ago are not asked about again: only the last meeting of a series that was held
leaves topics for the next one (AG-6)."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE meeting_agenda_item AS topic
           SET is_let_go = TRUE
          FROM meeting_meeting AS meeting
         WHERE meeting.id = topic.meeting_id
           AND topic.state = 'not_reached'
           AND meeting.series_id IS NOT NULL
           AND EXISTS (SELECT FROM meeting_meeting AS later
                        WHERE later.series_id = meeting.series_id
                          AND later.start > meeting.start
                          AND later.state IN ('held', 'closed'))
        """
    )
