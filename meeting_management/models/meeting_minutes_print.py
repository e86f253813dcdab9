"""The published text and PDF of a version of minutes in one language, as they were made; shown to readers only through
the version, which takes out what is closed to them."""

from lxml import html as lxml_html
from odoo import api, fields, models
from odoo.exceptions import UserError


class MeetingMinutesPrint(models.Model):
    """Kept by the system alone: nobody reads, writes or deletes a row, whatever his group (CF-1, MN-8)."""

    _name = "meeting.minutes.print"
    _description = "Published Text of Minutes"
    _order = "revision_id, id"

    revision_id = fields.Many2one("meeting.minutes.revision", required=True, ondelete="restrict", index=True)
    lang = fields.Char(required=True)
    # Made by our own template out of fields that are sanitized already; sanitizing again would strip its layout.
    html = fields.Html(required=True, sanitize=False)
    pdf = fields.Binary(attachment=True)

    _once = models.Constraint("UNIQUE (revision_id, lang)", "This version exists in that language already.")

    def write(self, vals):
        raise UserError(self.env._("A published version of minutes never changes."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_uninstall(self):
        raise UserError(self.env._("A published version of minutes is kept for good."))

    def _without(self, topics):
        """:return: the text of this print without the given topics, their resolutions and tasks, counted anew"""
        page = lxml_html.document_fromstring(self.html)
        hidden = {str(topic_id) for topic_id in topics.ids}
        for element in page.xpath("//*[@data-topic]"):
            if element.get("data-topic") in hidden:
                element.drop_tree()
        for place in ("//h3/span[@class='count']", "//td/span[@class='count']"):
            for number, count in enumerate(page.xpath(place), 1):
                count.text = str(number)
        return lxml_html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")
