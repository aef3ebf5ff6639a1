"""The inspection types, their order and the permit types that a city starts with. All of it is data from then on."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, Model, TextField

# code, name, Spanish name, trade, minutes, needs first (! where asking for the same or an earlier day is enough)
TYPES = (
    ("TPOLE", "Temporary power pole", "Poste de energía temporal", "electrical", 15, ""),
    ("PLRGH", "Plumbing rough-in (under slab)", "Plomería bajo losa", "plumbing", 30, ""),
    ("FORM", "Form survey", "Revisión de cimbra", "building", 20, ""),
    ("FOUND", "Foundation / slab", "Cimentación / losa", "building", 40, "PLRGH FORM"),
    ("ELRGH", "Electrical rough", "Instalación eléctrica en obra", "electrical", 40, "FOUND"),
    ("PLTOP", "Plumbing top-out", "Tubería de plomería en pared", "plumbing", 40, "FOUND"),
    ("MERGH", "Mechanical rough", "Instalación mecánica en obra", "mechanical", 40, "FOUND"),
    ("FRAME", "Framing", "Estructura", "building", 45, "ELRGH! PLTOP! MERGH!"),
    ("ENERGY", "Energy / insulation", "Energía / aislamiento", "building", 25, "FRAME"),
    ("BRICK", "Brick tie", "Anclaje de ladrillo", "building", 20, "FRAME"),
    ("WALL", "Wallboard / cover", "Tablero de yeso / cierre", "building", 25, "ENERGY"),
    ("SHOWER", "Shower pan", "Base de ducha", "plumbing", 20, "PLTOP"),
    ("GAS", "Gas test", "Prueba de gas", "plumbing", 20, "PLTOP"),
    ("SEWER", "Sewer / water yard line", "Línea de drenaje / agua", "plumbing", 25, ""),
    ("TCI", "Temporary utilities / service", "Servicios temporales", "electrical", 20, "ELRGH"),
    ("FLAT", "Flatwork / driveway", "Concreto plano / entrada", "building", 20, ""),
    ("POOL", "Pool: steel, bonding, deck", "Alberca: acero, unión, borde", "building", 35, ""),
    ("IRRIG", "Irrigation and backflow", "Riego y contraflujo", "irrigation", 30, ""),
    ("WH", "Water heater replacement", "Reemplazo de calentador de agua", "plumbing", 25, ""),
    ("HVAC", "HVAC replacement", "Reemplazo de clima", "mechanical", 30, ""),
    ("PLFIN", "Plumbing final", "Final de plomería", "plumbing", 30, "PLTOP GAS"),
    ("ELFIN", "Electrical final", "Final eléctrico", "electrical", 30, "ELRGH"),
    ("MEFIN", "Mechanical final", "Final mecánico", "mechanical", 30, "MERGH"),
    ("FINAL", "Building final", "Final de obra", "building", 45, "PLFIN! ELFIN! MEFIN! WALL BRICK SEWER TCI"),
)

NEW_BUILDING = (
    "TPOLE PLRGH FORM FOUND ELRGH PLTOP MERGH FRAME ENERGY BRICK WALL SHOWER GAS SEWER TCI FLAT PLFIN ELFIN MEFIN FINAL"
)
# code, name, Spanish name, BLDS PermitTypeMapped, the inspections it lists
PERMIT_TYPES = (
    ("NEW", "New building", "Edificio nuevo", "Building", NEW_BUILDING),
    (
        "REMODEL",
        "Addition or remodel",
        "Ampliación o remodelación",
        "Building",
        "ELRGH PLTOP MERGH FRAME ENERGY WALL SHOWER GAS PLFIN ELFIN MEFIN FINAL",
    ),
    ("BUILDING", "Other building work", "Otra obra", "Building", "FRAME FINAL"),
    ("ELECTRICAL", "Electrical", "Electricidad", "Electrical", "TPOLE ELRGH TCI ELFIN"),
    ("PLUMBING", "Plumbing", "Plomería", "Plumbing", "PLTOP SHOWER GAS SEWER PLFIN"),
    ("MECHANICAL", "Mechanical", "Mecánica", "Mechanical", "MERGH MEFIN"),
    ("WATER_HEATER", "Water heater", "Calentador de agua", "Plumbing", "WH GAS"),
    ("HVAC", "HVAC replacement", "Reemplazo de clima", "Mechanical", "HVAC"),
    ("IRRIGATION", "Irrigation", "Riego", "Plumbing", "IRRIG"),
    ("POOL", "Pool or spa", "Alberca o spa", "Pool/Spa", "POOL GAS ELFIN"),
    ("FLATWORK", "Driveway or sidewalk", "Entrada o banqueta", "Building", "FLAT"),
    ("DEMOLITION", "Demolition", "Demolición", "Demolition", "FINAL"),
)

CORRECTIONS = {
    "electrical": ("Box fill over the limit", "Missing grounding or bonding", "Cable not secured or protected"),
    "plumbing": ("Line did not hold the test", "Missing cleanout", "Pipe not supported"),
    "mechanical": ("Duct not sealed", "Missing disconnect", "Condensate drain not right"),
    "building": ("Not built as on the approved plans", "Missing fire blocking", "Plans not on site"),
    "irrigation": ("Backflow Test Form not on site", "Backflow device not reachable", "Missing rain or freeze sensor"),
}


class InspectionType(Model):
    code = CharField()
    name = CharField()
    name_es = CharField()
    trade = CharField()
    minutes = IntegerField()
    note = TextField(default="")
    note_es = TextField(default="")
    may_repeat = BooleanField(default=False)
    needs_caller = BooleanField(default=False)
    is_final = BooleanField(default=False)
    position = IntegerField()

    class Meta:
        table_name = "inspection_type"


class Prerequisite(Model):
    inspection_type = ForeignKeyField(InspectionType)
    needs = ForeignKeyField(InspectionType)
    by_request = BooleanField()


class Correction(Model):
    inspection_type = ForeignKeyField(InspectionType)
    text = CharField()
    text_es = CharField(default="")


class PermitType(Model):
    code = CharField()
    name = CharField()
    name_es = CharField()
    mapped = CharField()

    class Meta:
        table_name = "permit_type"


class PermitTypeInspection(Model):
    permit_type = ForeignKeyField(PermitType)
    inspection_type = ForeignKeyField(InspectionType)

    class Meta:
        table_name = "permit_type_inspection"


def up(migrator, db):
    with db.bind_ctx([InspectionType, Prerequisite, Correction, PermitType, PermitTypeInspection]):
        types = {}
        for position, (code, name, name_es, trade, minutes, _) in enumerate(TYPES):
            row = InspectionType(code=code, name=name, name_es=name_es, trade=trade, minutes=minutes, position=position)
            row.may_repeat = code == "FLAT"
            row.is_final = code == "FINAL"
            if code == "IRRIG":
                row.needs_caller = True
                row.note = "Have the Backflow Test Form on site."
                row.note_es = "Tenga en el sitio el formulario de prueba de contraflujo."
            row.save()
            types[code] = row
            for text in CORRECTIONS[trade]:
                Correction.create(inspection_type=row, text=text)
        for code, *_, needs in TYPES:
            for need in needs.split():
                Prerequisite.create(
                    inspection_type=types[code], needs=types[need.rstrip("!")], by_request=need.endswith("!")
                )
        for code, name, name_es, mapped, listed in PERMIT_TYPES:
            row = PermitType.create(code=code, name=name, name_es=name_es, mapped=mapped)
            for listed_code in listed.split():
                PermitTypeInspection.create(permit_type=row, inspection_type=types[listed_code])


def down(migrator, db):
    # SQLite looks at no reference while it migrates: inspections would be left without their types.
    for rows in ("FROM inspection", "FROM permit WHERE permit_type_id IS NOT NULL"):
        if db.execute_sql(f"SELECT 1 {rows} LIMIT 1").fetchone():
            raise RuntimeError("Permits and inspections need the inspection types: they cannot be taken away.")
    with db.bind_ctx([InspectionType, Prerequisite, Correction, PermitType, PermitTypeInspection]):
        for model in (PermitTypeInspection, PermitType, Correction, Prerequisite, InspectionType):
            model.delete().execute()
