"""Admin routes of clinics, relative to /api/v1/admin/."""

from django.urls import path

from . import moderation

urlpatterns = [
    path("moderation/", moderation.ModerationQueueView.as_view(), name="admin-moderation"),
    path("moderation/bulk/", moderation.BulkView.as_view(), name="admin-moderation-bulk"),
    path("moderation/<int:page_id>/", moderation.CaseView.as_view(), name="admin-moderation-case"),
    path("moderation/<int:page_id>/claim/", moderation.ClaimView.as_view(), name="admin-moderation-claim"),
    path("moderation/<int:page_id>/approve/", moderation.ApproveView.as_view(), name="admin-moderation-approve"),
    path("moderation/<int:page_id>/request-changes/", moderation.RequestChangesView.as_view(), name="admin-moderation-request-changes"),
    path("moderation/<int:page_id>/reject/", moderation.RejectView.as_view(), name="admin-moderation-reject"),
    path("moderation/<int:page_id>/suspend/", moderation.SuspendView.as_view(), name="admin-moderation-suspend"),
    path("moderation/<int:page_id>/reinstate/", moderation.ReinstateView.as_view(), name="admin-moderation-reinstate"),
    path("moderation/<int:page_id>/place/", moderation.PlaceView.as_view(), name="admin-moderation-place"),
]
