"""Upgrades keep what was published."""

import importlib.util

from odoo.tools import file_path, sql

from tests.outcome import OutcomeCommon


class TestMigration(OutcomeCommon):
    def test_old_versions_become_prints(self):
        """MN-8: text and PDF of versions published before prints existed stay readable, through the version alone."""
        minutes = self.publish(self.held())
        version = minutes.revision_ids
        (stored,) = version.sudo().print_ids
        html, pdf = stored.html, version._pdf_for_user(self.member)
        self.env.cr.execute("DELETE FROM meeting_minutes_print WHERE id = %s", [stored.id])
        self.env.cr.execute("ALTER TABLE meeting_minutes_revision ADD COLUMN body text")
        self.env.cr.execute("UPDATE meeting_minutes_revision SET body = %s WHERE id = %s", [str(html), version.id])
        old = self.env["ir.attachment"].create(
            {"name": "v1.pdf", "raw": pdf, "description": "en_US", "res_model": version._name, "res_id": version.id}
        )
        self.env.invalidate_all()
        path = file_path("meeting_management/migrations/19.0.1.1.0/post-prints.py")
        specification = importlib.util.spec_from_file_location("post_prints", path)
        script = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(script)
        for _again in range(2):  # an upgrade that is run twice finds nothing more to do
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertFalse(sql.column_exists(self.env.cr, "meeting_minutes_revision", "body"))
        self.assertFalse(old.exists())
        self.assertIn("Everybody compared prices", version.with_user(self.member).body)
        self.assertEqual(version._pdf_for_user(self.member), pdf)
