"""Signing in by company and PIN."""


def test_a_company_signs_in_with_its_registration_code(browse, dana):
    page = browse().sign_in("Lone Star Plumbing", dana.pin)
    assert page.words("h1") == ["Lone Star Plumbing"]
