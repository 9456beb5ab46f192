import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rating', '0003_exact_indicators'),
        ('register', '0002_history_and_closing'),
        ('standards', '0001_versions'),
    ]

    operations = [
        migrations.CreateModel(
            name='WhatIf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_document', models.JSONField()),
                ('draft_document', models.JSONField()),
                ('made_by', models.CharField(max_length=40)),
                ('made_name', models.CharField(blank=True, max_length=80, verbose_name='推演人')),
                ('made_at', models.DateTimeField(verbose_name='推演时间')),
                ('job', models.CharField(blank=True, max_length=26)),
                ('finished_at', models.DateTimeField(null=True)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('projects', models.PositiveIntegerField(default=0, verbose_name='项目')),
                ('up', models.PositiveIntegerField(default=0, verbose_name='升星')),
                ('down', models.PositiveIntegerField(default=0, verbose_name='降星')),
                ('summary', models.JSONField(default=dict)),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='standards.version', verbose_name='对照版本')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='rating.cycle', verbose_name='周期')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='standards.version', verbose_name='推演版本')),
            ],
            options={
                'verbose_name': '标准推演',
                'ordering': ['-made_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='WhatIfRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(max_length=6, verbose_name='区县')),
                ('klass', models.CharField(choices=[('new_residential', '新建商品住宅'), ('old_estate', '老旧小区'), ('affordable', '保障性住房'), ('mixed', '商住综合'), ('office', '写字楼'), ('park', '产业园区'), ('public_building', '学校医院公建')], max_length=20, verbose_name='类别')),
                ('size', models.CharField(choices=[('small', '在管 1–2 个项目'), ('middle', '在管 3–9 个项目'), ('large', '在管 10 个项目以上')], max_length=8, verbose_name='企业规模')),
                ('base_hundredths', models.IntegerField()),
                ('draft_hundredths', models.IntegerField()),
                ('change_hundredths', models.IntegerField()),
                ('base_stars', models.PositiveSmallIntegerField()),
                ('draft_stars', models.PositiveSmallIntegerField()),
                ('change_stars', models.SmallIntegerField()),
                ('base_vetoes', models.JSONField(default=list)),
                ('draft_vetoes', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=list)),
                ('judged', models.BooleanField(default=False)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.project', verbose_name='项目')),
                ('whatif', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='rating.whatif')),
            ],
            options={
                'verbose_name': '推演结果',
                'ordering': ['whatif_id', 'change_hundredths', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('whatif', 'project'), name='one_whatif_row_a_project')],
            },
        ),
    ]
