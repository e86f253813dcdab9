"""The environment itself: the addon is installed, with Chinese, without demo data, and a browser works."""

from odoo.tests import HttpCase, TransactionCase


class AddonInstalled(TransactionCase):
    def test_addon_is_installed_without_demo_data(self):
        module = self.env["ir.module.module"].search([("name", "=", "meeting_management")])
        self.assertEqual((module.state, module.demo), ("installed", False))

    def test_chinese_is_loaded(self):
        self.assertIn("zh_CN", dict(self.env["res.lang"].get_installed()))


class WebClient(HttpCase):
    def test_web_client_opens_without_errors(self):
        self.browser_js("/odoo", "console.log('test successful')", "odoo.isReady === true", login="admin")
