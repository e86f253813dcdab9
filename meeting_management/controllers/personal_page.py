"""A page that is one person's own, opened by a link of his: how it looks, what it tells browsers, and patience with
failures (PT-4)."""

from odoo.http import request

HEADERS = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
"""The page is somebody's own: not to travel to other sites, into search engines or caches, or into a foreign frame."""


class PersonalPage:
    """Common ground of the pages behind personal links and of those of people who are logged in."""

    def _render(self, template, company=None, values=None, status=200):
        # sudo: name, logo and colours of the company that invited
        company = (company or request.env.company).sudo()
        response = request.render(
            template,
            {
                "company": company,
                "company_logo": company.uses_default_logo is False and f"/logo.png?company={company.id}",
                "accent": company.email_secondary_color or "#714B67",
                "accent_text": company.email_primary_color or "#FFFFFF",
                **(values or {}),
            },
            status=status,
        )
        response.headers.extend(HEADERS)
        return response

    def _problem_page(self, problem, status=404):
        return self._render("meeting_management.guest_problem_page", None, {"problem": problem}, status=status)

    def _back(self, url, done=None):
        response = request.redirect(f"{url}?done={done}" if done else url, code=303)
        response.headers.extend(HEADERS)
        return response

    def _close(self, response):
        for name, value in HEADERS:
            response.headers[name] = value

    # -- too many failures --------------------------------------------------------------------------------------

    def _wait(self):
        """:return: the page that asks an address with many failures to wait, or ``None``"""
        seconds = request.env["meeting.guest.throttle"]._wait(request.httprequest.remote_addr)
        if not seconds:
            return None
        response = self._problem_page("throttled", status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _count_failure(self):
        request.env["meeting.guest.throttle"]._count(request.httprequest.remote_addr)
