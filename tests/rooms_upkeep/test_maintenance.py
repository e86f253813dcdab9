"""With Odoo's Maintenance installed: reports and requests go hand in hand (RM-10)."""

import unittest

from odoo.modules.module import get_manifest

from tests.rooms_upkeep.common import UpkeepCommon


@unittest.skipUnless(get_manifest("meeting_management_maintenance"), "the glue with Maintenance is not there")
class TestMaintenance(UpkeepCommon):
    def stages(self, done):
        return self.env["maintenance.stage"].search([("done", "=", done)])

    def test_the_request_moves_the_report(self):
        """RM-10: begun and done in Maintenance, told in the meeting room."""
        fault = self.report(description="Since Monday")
        request = fault.request_id
        self.assertEqual((request.user_id, request.company_id), (self.technician, self.maple.company_id))
        self.assertIn("Since Monday", request.description)
        request.stage_id = self.stages(done=False)[1]
        self.assertEqual(fault.state, "in_repair")
        request.stage_id = self.stages(done=True)[0]
        self.assertEqual((fault.state, self.projector.state), ("repaired", "working"))

    def test_the_report_moves_the_request(self):
        """RM-10: repaired or cancelled in the room, so is the request."""
        fault = self.report()
        fault.with_user(self.technician).action_repair()
        self.assertTrue(fault.request_id.stage_id.done)
        mistake = self.report()
        mistake.with_user(self.member).action_cancel(reason="It was unplugged")
        self.assertTrue(mistake.request_id.archive)

    def test_nobody_chooses_the_request(self):
        """RM-10: a report cannot be tied to somebody else's request."""
        other = self.env["maintenance.request"].create({"name": "Press"})
        self.assertNotEqual(self.report(request_id=other.id).request_id, other)
