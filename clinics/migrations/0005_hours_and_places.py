"""Dated exceptions, holidays and openings that SQL can filter by; how precisely a clinic is placed."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinics', '0004_gazetteer'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListingShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(verbose_name='day')),
                ('starts', models.PositiveSmallIntegerField(verbose_name='opens, in minutes after midnight')),
                ('ends', models.PositiveSmallIntegerField(verbose_name='closes, in minutes after midnight; more than 1440 is the next day')),
            ],
            options={
                'verbose_name': 'opening of a listed clinic',
                'verbose_name_plural': 'openings of listed clinics',
            },
        ),
        migrations.CreateModel(
            name='ListingSpecialShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='date')),
                ('starts', models.PositiveSmallIntegerField(default=0, verbose_name='opens, in minutes after midnight')),
                ('ends', models.PositiveSmallIntegerField(default=0, verbose_name='closes, in minutes after midnight; more than 1440 is the next day')),
            ],
            options={
                'verbose_name': 'exceptional opening of a listed clinic',
                'verbose_name_plural': 'exceptional openings of listed clinics',
            },
        ),
        migrations.CreateModel(
            name='SpecialHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='date')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='opens')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='closes')),
            ],
            options={
                'verbose_name': 'exception to the opening hours',
                'verbose_name_plural': 'exceptions to the opening hours',
                'ordering': ('on', 'opens'),
            },
        ),
        migrations.AddField(
            model_name='clinic',
            name='geocoded_address',
            field=models.CharField(blank=True, help_text='The address that a geocoder was asked for last.', max_length=400, verbose_name='geocoded address'),
        ),
        migrations.AddField(
            model_name='clinic',
            name='place_precision',
            field=models.CharField(blank=True, choices=[('exact', 'The very door'), ('street', 'The street'), ('town', 'The town only')], max_length=8, verbose_name='precision of the coordinates'),
        ),
        migrations.AddField(
            model_name='cliniclisting',
            name='clock',
            field=models.CharField(blank=True, help_text='Whose public holidays and whose clock the opening hours follow.', max_length=70, verbose_name='country and time zone'),
        ),
        migrations.AddField(
            model_name='cliniclisting',
            name='closed_on_holidays',
            field=models.BooleanField(default=False, verbose_name='closed on public holidays'),
        ),
        migrations.AddField(
            model_name='cliniclisting',
            name='special_hours',
            field=models.JSONField(blank=True, default=list, verbose_name='exceptions to the opening hours'),
        ),
        migrations.AddField(
            model_name='clinicpage',
            name='closed_on_holidays',
            field=models.BooleanField(default=False, help_text="Those of the clinic's country. A date below that has hours of its own is open nevertheless.", verbose_name='closed on public holidays'),
        ),
        migrations.AddIndex(
            model_name='cliniclisting',
            index=models.Index(fields=['clock'], name='clinics_listing_by_clock'),
        ),
        migrations.AddField(
            model_name='listingshift',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shifts', to='clinics.cliniclisting', verbose_name='clinic listing'),
        ),
        migrations.AddField(
            model_name='listingspecialshift',
            name='listing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_shifts', to='clinics.cliniclisting', verbose_name='clinic listing'),
        ),
        migrations.AddField(
            model_name='specialhours',
            name='page',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_hours', to='clinics.clinicpage', verbose_name='clinic page'),
        ),
        migrations.AddIndex(
            model_name='listingshift',
            index=models.Index(fields=['listing', 'weekday'], name='clinics_shift_by_day'),
        ),
        migrations.AddConstraint(
            model_name='listingshift',
            constraint=models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='clinics_shift_has_a_length'),
        ),
        migrations.AddIndex(
            model_name='listingspecialshift',
            index=models.Index(fields=['listing', 'on'], name='clinics_special_shift_by_date'),
        ),
        migrations.AddConstraint(
            model_name='specialhours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='clinics_special_hours_have_both_ends'),
        ),
    ]
