"""Dragging in the calendar of meetings: a draft moves, an announced meeting asks through “Reschedule” (MT-5, NT-2)."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import HttpCase

from tests.common import MeetingCommon

FIND = """
    const find = (node) => node.component?.model?.updateRecord
        ? node.component.model : Object.values(node.children).map(find).find(Boolean);
    const until = async (what) => {
        for (let i = 0; i < 200; i++) {
            if (what()) return what();
            await new Promise((done) => setTimeout(done, 50));
        }
        throw new Error("waited in vain for " + what);
    };
    (async () => {
        const model = await until(() => find(odoo.__WOWL_DEBUG__.root.__owl__));
        await model.load({ date: luxon.DateTime.fromISO("%(start)s", { zone: "utc" }).toLocal() });
        const record = await until(() => model.data.records[%(id)d]);
        const later = { hours: 1 };
        const dropped = { ...record, start: record.start.plus(later), end: record.end.plus(later) };
        %(deed)s
        console.log("test successful");
    })();
"""


class TestDrag(HttpCase, MeetingCommon):
    """With the real clock, as the browser has its own."""

    def drag(self, meeting, deed):
        self.env["res.users"].search([]).partner_id.write({"lang": "en_US"})
        self.env.flush_all()
        url = f"/odoo/meetings?view_type=calendar&debug=assets#{meeting.id}"
        code = FIND % {"id": meeting.id, "start": meeting.start.isoformat(), "deed": deed}
        self.browser_js(url, code, "odoo.isReady === true", login="convener", timeout=60)
        self.env.invalidate_all()

    def make(self):
        start = (Datetime.now() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
        return self.make_meeting(start=start, notice_lead_hours=24)

    def test_an_announced_meeting(self):
        """MT-5, NT-2, NT-5: the dialogue has the new time, says that it is short notice, and its button moves it."""
        meeting = self.schedule(self.make())
        before = meeting.start
        self.drag(
            meeting,
            """
            await model.updateRecord(dropped, { moved: true });
            const dialog = await until(() => document.querySelector(".modal .o_form_view"));
            await until(() => dialog.textContent.includes("Short notice"));
            const reason = dialog.querySelector("[name=reason] textarea");
            reason.value = "Dragged";
            reason.dispatchEvent(new Event("input", { bubbles: true }));
            reason.dispatchEvent(new Event("change", { bubbles: true }));
            document.querySelector(".modal button[name=action_confirm]").click();
            await until(() => !document.querySelector(".modal"));
            """,
        )
        self.assertEqual(meeting.start, before + timedelta(hours=1))
        self.assertEqual(meeting.short_notice_reason, "Dragged")

    def test_a_draft(self):
        """MT-5: goes where it is dropped."""
        meeting = self.make()
        before = meeting.start
        self.drag(meeting, "await model.updateRecord(dropped, { moved: true });")
        self.assertEqual(meeting.start, before + timedelta(hours=1))
