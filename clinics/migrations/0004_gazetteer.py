"""Towns that addresses are found by without the internet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinics', '0003_claims_and_subjects_of_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='GazetteerLoad',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name='digest of the file')),
                ('loaded_at', models.DateTimeField(auto_now_add=True, verbose_name='loaded at')),
            ],
            options={
                'verbose_name': 'load of the gazetteer',
                'verbose_name_plural': 'loads of the gazetteer',
            },
        ),
        migrations.CreateModel(
            name='Town',
            fields=[
                ('id', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('latitude', models.DecimalField(decimal_places=6, max_digits=9, verbose_name='latitude')),
                ('longitude', models.DecimalField(decimal_places=6, max_digits=9, verbose_name='longitude')),
                ('population', models.PositiveIntegerField(verbose_name='population')),
            ],
            options={
                'verbose_name': 'town',
                'verbose_name_plural': 'towns',
                'ordering': ('-population', 'id'),
                'indexes': [models.Index(fields=['latitude', 'longitude'], name='clinics_town_by_place')],
            },
        ),
        migrations.CreateModel(
            name='TownName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, verbose_name='folded name')),
                ('town', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='clinics.town', verbose_name='town')),
            ],
            options={
                'verbose_name': 'name of a town',
                'verbose_name_plural': 'names of towns',
                'constraints': [models.UniqueConstraint(fields=('key', 'town'), name='clinics_town_is_called_so_once')],
            },
        ),
    ]
