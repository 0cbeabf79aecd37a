"""Who gets what: every route and method of the API, asked by everybody. A route that is not in the table fails."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from django.db import transaction
from django.urls import resolve

from fammo.api import stored

from .routes import api_routes
from .world import World

# Braces name things of the world: {clinic} is approved and the owner's, {waiting} waits for approval, {deleted_pet} is restorable.
#                                                                   nobody other owner staff
TABLE = """
GET     ping/                                                        200   200   200   200
GET     config/                                                      200   200   200   200
GET     languages/                                                   200   200   200   200
GET     onboarding/                                                  200   200   200   200

POST    auth/signup/                                                 201   201   201   201
POST    auth/activate/                                               200   200   200   200
POST    auth/resend-activation/                                      200   200   200   200
POST    auth/token/                                                  200   200   200   200
POST    auth/google/                                                 404   404   404   404
POST    auth/token/refresh/                                          200   200   200   200
POST    auth/forgot-password/                                        200   200   200   200
POST    auth/reset-password/                                         200   200   200   200
POST    auth/change-password/                                        401   200   200   200
POST    auth/logout/                                                 200   200   200   200
POST    auth/logout-all/                                             401   200   200   200
GET     me/                                                          401   200   200   200
PATCH   me/                                                          401   200   200   200
DELETE  me/                                                          401   202   202   202
GET     me/email/                                                    401   200   200   200
POST    me/email/                                                    401   202   202   202
DELETE  me/email/                                                    401   204   204   204
GET     me/export/                                                   401   404   404   404
POST    me/export/                                                   401   202   202   202
GET     me/language/                                                 401   200   200   200
POST    me/language/                                                 401   200   200   200
PATCH   me/language/                                                 401   200   200   200
GET     me/sessions/                                                 401   200   200   200
DELETE  me/sessions/{session}/                                       401   404   204   404

GET     legal/documents/                                             200   200   200   200
GET     legal/documents/by_type/?doc_type=user_terms                 200   200   200   200
GET     legal/documents/{version}/                                   200   200   200   200
GET     legal/documents/{version}/diff/?from={version}               200   200   200   200
GET     legal/documents/{version}/pdf/                               200   200   200   200
POST    legal/documents/{version}/viewed/                            401   204   204   204
GET     legal/consent/user/                                          401   200   200   200
POST    legal/consent/user/                                          401   201   201   201
GET     legal/user-consent/                                          401   200   200   200
POST    legal/user-consent/                                          401   201   201   201
GET     user-consent/                                                401   200   200   200
POST    user-consent/                                                401   201   201   201
GET     legal/consent/purposes/                                      401   200   200   200
POST    legal/consent/purposes/                                      401   201   201   201
GET     legal/consent/device/                                        400   400   400   400
POST    legal/consent/device/                                        400   400   400   400
GET     legal/consent/clinic/?clinic={clinic}                        401   404   200   404
POST    legal/consent/clinic/                                        401   404   201   404
GET     legal/consent/clinic/status/?clinic={clinic}                 401   404   200   404
GET     legal/clinic-consent/?clinic={clinic}                        401   404   200   404
POST    legal/clinic-consent/                                        401   404   201   404
GET     clinic-consent/?clinic={clinic}                              401   404   200   404
POST    clinic-consent/                                              401   404   201   404
GET     legal/consent/status/                                        401   200   200   200
GET     legal/receipts/1/                                            401   404   200   404
GET     legal/keys/                                                  200   200   200   200
GET     legal/logs/                                                  401   403   403   200

GET     pets/                                                        401   200   200   200
POST    pets/                                                        401   201   201   201
GET     pets/{pet}/                                                  401   404   200   404
PUT     pets/{pet}/                                                  401   404   200   404
PATCH   pets/{pet}/                                                  401   404   200   404
DELETE  pets/{pet}/                                                  401   404   204   404
GET     pets/{deleted_pet}/                                          401   404   404   404
POST    pets/{deleted_pet}/restore/                                  401   404   200   404
POST    pets/{pet}/photo-uploads/                                    401   404   409   404
POST    pets/{pet}/photo-uploads/any/complete/                       401   404   409   404
GET     pets/{pet}/weights/                                          401   404   200   404
GET     pet-types/                                                   200   200   200   200
GET     pet-types/1/                                                 200   200   200   200
GET     genders/                                                     200   200   200   200
GET     genders/1/                                                   200   200   200   200
GET     breeds/                                                      200   200   200   200
GET     breeds/1/                                                    200   200   200   200
GET     age-categories/                                              200   200   200   200
GET     age-categories/1/                                            200   200   200   200
GET     food-types/                                                  200   200   200   200
GET     food-types/1/                                                200   200   200   200
GET     food-feelings/                                               200   200   200   200
GET     food-feelings/1/                                             200   200   200   200
GET     food-importance/                                             200   200   200   200
GET     food-importance/1/                                           200   200   200   200
GET     body-types/                                                  200   200   200   200
GET     body-types/1/                                                200   200   200   200
GET     activity-levels/                                             200   200   200   200
GET     activity-levels/1/                                           200   200   200   200
GET     food-allergies/                                              200   200   200   200
GET     food-allergies/1/                                            200   200   200   200
GET     health-issues/                                               200   200   200   200
GET     health-issues/1/                                             200   200   200   200
GET     treat-frequencies/                                           200   200   200   200
GET     treat-frequencies/1/                                         200   200   200   200

GET     clinics/                                                     200   200   200   200
POST    clinics/                                                     401   201   201   201
POST    clinics/register/                                            201   201   201   201
GET     clinics/my/                                                  401   404   200   404
GET     clinics/search/?lat=60.17&lng=24.94&radius=5                 200   200   200   200
POST    clinics/search/                                              200   200   200   200
POST    clinics/send-confirmation-email/                             200   200   200   200
GET     clinics/confirm-email/{confirm_token}/                       200   200   200   200
GET     clinics/{clinic}/                                            200   200   200   200
PUT     clinics/{clinic}/                                            401   403   200   403
PATCH   clinics/{clinic}/                                            401   403   200   403
DELETE  clinics/{clinic}/                                            401   403   204   403
GET     clinics/{clinic}/working-hours/                              200   200   200   200
POST    clinics/{clinic}/working-hours/                              401   403   201   403
PATCH   clinics/{clinic}/working-hours/                              401   403   200   403
GET     clinics/{clinic}/special-hours/                              200   200   200   200
PUT     clinics/{clinic}/special-hours/                              401   403   200   403
GET     clinics/{clinic}/vet-profile/                                200   200   200   200
POST    clinics/{clinic}/vet-profile/                                401   403   201   403
PATCH   clinics/{clinic}/vet-profile/                                401   403   200   403
GET     clinics/{waiting}/                                           404   404   200   200
PATCH   clinics/{waiting}/                                           404   404   200   403
DELETE  clinics/{waiting}/                                           404   404   204   403
GET     clinics/{waiting}/working-hours/                             404   404   200   200
PATCH   clinics/{waiting}/working-hours/                             404   404   200   403
GET     clinics/{waiting}/special-hours/                             404   404   200   200
PUT     clinics/{waiting}/special-hours/                             404   404   200   403
GET     clinics/{waiting}/vet-profile/                               404   404   200   200
PATCH   clinics/{waiting}/vet-profile/                               404   404   200   403

GET     ai/recommendations/                                          401   200   200   200
POST    ai/recommendations/                                          401   404   201   404
POST    ai/recommendations/generate-meal/                            401   404   201   404
GET     ai/recommendations/{meal}/                                   401   404   200   404
GET     ai/health-reports/                                           401   200   200   200
POST    ai/health-reports/                                           401   404   201   404
POST    ai/health-reports/generate-report/                           401   404   201   404
GET     ai/health-reports/{report}/                                  401   404   200   404
GET     ai/generations/{generation}/                                 401   404   200   404
GET     chat/active/                                                 401   200   200   200
GET     chat/sessions/                                               401   200   200   200
POST    chat/sessions/new/                                           401   404   201   404
GET     chat/sessions/{chat}/                                        401   404   200   404
DELETE  chat/sessions/{chat}/                                        401   404   204   404
POST    chat/sessions/{chat}/clear/                                  401   404   200   404
POST    chat/send/                                                   401   404   200   404
DELETE  chat/messages/{message}/                                     401   404   204   404

GET     admin/users/                                                 401   403   403   200
GET     admin/users/{other}/                                         401   403   403   200
POST    admin/users/{other}/deactivate/                              401   403   403   200
POST    admin/users/{other}/reactivate/                              401   403   403   200
POST    admin/users/{other}/end-sessions/                            401   403   403   200
GET     admin/plans/                                                 401   403   403   200
GET     admin/plans/{plan}/                                          401   403   403   200
PATCH   admin/plans/{plan}/                                          401   403   403   200
GET     admin/audit/                                                 401   403   403   200
GET     admin/flags/                                                 401   403   403   200
GET     admin/flags/{flag}/                                          401   403   403   200
PATCH   admin/flags/{flag}/                                          401   403   403   200
GET     admin/metrics/                                               401   403   403   200
GET     admin/tasks/                                                 401   403   403   200
GET     admin/tasks/{task}/                                          401   403   403   200
POST    admin/tasks/{task}/retry/                                    401   403   403   200
POST    admin/tasks/retry/                                           401   403   403   200
GET     admin/moderation/                                            401   403   403   200
POST    admin/moderation/bulk/                                       401   403   403   200
GET     admin/moderation/{waiting_page}/                             401   403   403   200
POST    admin/moderation/{waiting_page}/claim/                       401   403   403   200
DELETE  admin/moderation/{waiting_page}/claim/                       401   403   403   204
POST    admin/moderation/{waiting_page}/approve/                     401   403   403   200
POST    admin/moderation/{waiting_page}/request-changes/             401   403   403   200
POST    admin/moderation/{waiting_page}/reject/                      401   403   403   200
POST    admin/moderation/{clinic_page}/suspend/                      401   403   403   200
POST    admin/moderation/{clinic_page}/reinstate/                    401   403   403   409
POST    admin/moderation/{waiting_page}/place/                       401   403   403   200
"""

MONDAY = '[{"day_of_week": 0, "open_time": "09:00", "close_time": "17:00"}]'
CHRISTMAS = '[{"date": "2026-12-25", "is_closed": true}]'
REASON = '"reason_code": "other", "reason_field": "clinic", "reason_text": "Say more about it."'
BODIES = {
    "POST admin/moderation/bulk/": '{"action": "approve", "items": [{"id": {waiting_page}, "content_sha256": "{waiting_sha256}"}]}',
    "POST admin/moderation/{waiting_page}/approve/": '{"content_sha256": "{waiting_sha256}"}',
    "POST admin/moderation/{waiting_page}/request-changes/": f'{{"content_sha256": "{{waiting_sha256}}", {REASON}}}',
    "POST admin/moderation/{waiting_page}/reject/": f'{{"content_sha256": "{{waiting_sha256}}", {REASON}}}',
    "POST admin/moderation/{clinic_page}/suspend/": f'{{"content_sha256": "{{listed_sha256}}", {REASON}}}',
    "POST admin/moderation/{clinic_page}/reinstate/": '{"content_sha256": "{listed_sha256}"}',
    "POST admin/moderation/{waiting_page}/place/": '{"latitude": 60.2, "longitude": 24.9}',
    "POST auth/signup/": '{"email": "new@fammo.example", "password": "{password}", "password_confirm": "{password}"}',
    "POST auth/activate/": '{"token": "{activate_token}"}',
    "POST auth/resend-activation/": '{"email": "unconfirmed@fammo.example"}',
    "POST auth/token/": '{"email": "owner@fammo.example", "password": "{password}"}',
    "POST auth/google/": '{"id_token": "a.b.c"}',
    "DELETE me/": '{"password": "{password}"}',
    "POST me/email/": '{"new_email": "moved@fammo.example", "password": "{password}"}',
    "POST auth/token/refresh/": '{"refresh": "{refresh}"}',
    "POST auth/forgot-password/": '{"email": "owner@fammo.example"}',
    "POST auth/reset-password/": (
        '{"uid": "{owner_uid}", "token": "{reset_token}", "new_password": "another horse 42", "new_password_confirm": "another horse 42"}'
    ),
    "POST auth/change-password/": (
        '{"current_password": "{password}", "new_password": "another horse 42", "new_password_confirm": "another horse 42"}'
    ),
    "POST auth/logout/": '{"refresh": "{refresh}"}',
    "PATCH me/": '{"city": "Turku"}',
    "PATCH admin/flags/{flag}/": '{"everyone": null, "percent": 25.0, "groups": ["Operators"], "users": [{other}]}',
    "PATCH admin/plans/{plan}/": '{"monthly_meal_plans": 5}',
    "POST me/language/": '{"language": "fi"}',
    "PATCH me/language/": '{"language": "fi"}',
    "POST legal/consent/user/": '{"document": {version}, "accepted": true}',
    "POST legal/user-consent/": '{"document": {version}, "accepted": true}',
    "POST legal/consent/purposes/": '{"document": {privacy}, "purpose": "ai", "accepted": false}',
    "POST legal/consent/clinic/": '{"clinic": {clinic}, "document": {clinic_terms}, "accepted": true}',
    "POST legal/clinic-consent/": '{"clinic": {clinic}, "document": {clinic_terms}, "accepted": true}',
    "POST clinic-consent/": '{"clinic": {clinic}, "document": {clinic_terms}, "accepted": true}',
    "POST user-consent/": '{"document": {version}, "accepted": true}',
    "POST pets/": '{"name": "Halla", "pet_type": 1}',
    "PUT pets/{pet}/": '{"name": "Halla", "pet_type": 1}',
    "PATCH pets/{pet}/": '{"name": "Halla"}',
    "POST pets/{pet}/photo-uploads/": '{"content_type": "image/jpeg"}',
    "POST clinics/": '{"name": "Another", "city": "Turku"}',
    "POST clinics/register/": (
        '{"email": "vet@new.example", "password": "{password}", "password_confirm": "{password}", "clinic_name": "Newest", "city": "Oulu"}'
    ),
    "POST clinics/search/": '{"latitude": 60.17, "longitude": 24.94, "radius": 5}',
    "POST clinics/send-confirmation-email/": '{"email": "owner@fammo.example"}',
    "PUT clinics/{clinic}/": '{"name": "Renamed", "city": "Helsinki"}',
    "PATCH clinics/{clinic}/": '{"name": "Renamed"}',
    "PATCH clinics/{waiting}/": '{"name": "Renamed"}',
    "POST clinics/{clinic}/working-hours/": MONDAY,
    "PATCH clinics/{clinic}/working-hours/": MONDAY,
    "PATCH clinics/{waiting}/working-hours/": MONDAY,
    "PUT clinics/{clinic}/special-hours/": CHRISTMAS,
    "PUT clinics/{waiting}/special-hours/": CHRISTMAS,
    "POST clinics/{clinic}/vet-profile/": '{"vet_name": "Aino"}',
    "PATCH clinics/{clinic}/vet-profile/": '{"vet_name": "Aino"}',
    "PATCH clinics/{waiting}/vet-profile/": '{"vet_name": "Aino"}',
    "POST ai/recommendations/": '{"pet_id": {pet}, "type": "meal"}',
    "POST ai/recommendations/generate-meal/": '{"pet_id": {pet}}',
    "POST ai/health-reports/": '{"pet_id": {pet}}',
    "POST ai/health-reports/generate-report/": '{"pet_id": {pet}}',
    "POST chat/sessions/new/": '{"pet_id": {pet}}',
    "POST chat/send/": '{"message": "Hello", "session_id": {chat}}',
}

# What some requests say beside their body.
HEADERS = {
    "PATCH admin/flags/{flag}/": {"If-Match": "*"},
    "PATCH admin/plans/{plan}/": {"If-Match": "*"},
}


@dataclass(frozen=True)
class Line:
    """One line of the table: what is asked and the status for each role, in the world's order of roles."""

    method: str
    path: str
    statuses: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def _line(text: str) -> Line:
    method, path, *statuses = text.split()
    return Line(method, path, tuple(map(int, statuses)))


LINES = [_line(text) for text in TABLE.splitlines() if text.strip()]


def test_everybody_gets_what_the_table_says(world: World) -> None:
    wrong = []
    for line in LINES:
        for role, expected in zip(world.roles, line.statuses, strict=True):
            path, body = f"/api/v1/{world.fill(line.path)}", world.body(BODIES.get(line.name, ""))
            stored.answers.clear()
            with transaction.atomic():
                answer = role.client.generic(line.method, path, *_encoded(body), headers=HEADERS.get(line.name))
                transaction.set_rollback(True)
            if answer.status_code != expected:
                wrong.append(f"{line.name} as {role.name}: {answer.status_code}, not {expected}: {answer.content[:300]!r}")

    assert wrong == []


def test_every_route_and_method_is_in_the_table(world: World) -> None:
    asked = {(line.method, _documented_path(f"/api/v1/{world.fill(line.path)}")) for line in LINES}

    assert asked == {(method, path) for path, methods in api_routes().items() for method in methods}


def test_every_body_is_used() -> None:
    assert set(BODIES) | set(HEADERS) <= {line.name for line in LINES}


def _encoded(body: object) -> tuple[bytes | str, str]:
    return ("", "application/octet-stream") if body is None else (json.dumps(body), "application/json")


def _documented_path(path: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", resolve(path.split("?")[0]).route)
