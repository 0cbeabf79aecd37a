"""Clinics that came from a file have no mailbox to confirm: the operator vouches for them."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinics', '0008_subjects_of_special_hours'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='clinic',
            name='clinic_confirmed_before_anything_else',
        ),
        migrations.AlterField(
            model_name='clinic',
            name='confirmation_email',
            field=models.EmailField(blank=True, help_text='The confirmation link is sent here; later changes of the page do not change it.', max_length=254, verbose_name='address to confirm'),
        ),
        migrations.AddConstraint(
            model_name='clinic',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'unconfirmed'), ('email_confirmed_at__isnull', False), models.Q(('external_id', ''), _negated=True), _connector='OR'), name='clinic_confirmed_before_anything_else'),
        ),
    ]
