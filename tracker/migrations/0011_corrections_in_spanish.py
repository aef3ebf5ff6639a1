"""The default city's corrections in Spanish, where a city still has their words and none of its own."""

SPANISH = {
    "Box fill over the limit": "Caja con más conductores de los permitidos",
    "Missing grounding or bonding": "Falta la conexión a tierra o de unión",
    "Cable not secured or protected": "Cable sin sujetar o sin proteger",
    "Line did not hold the test": "La tubería no aguantó la prueba",
    "Missing cleanout": "Falta el registro de limpieza",
    "Pipe not supported": "Tubería sin soporte",
    "Duct not sealed": "Ducto sin sellar",
    "Missing disconnect": "Falta el interruptor de desconexión",
    "Condensate drain not right": "El drenaje de condensado está mal",
    "Not built as on the approved plans": "No se construyó como en los planos aprobados",
    "Missing fire blocking": "Faltan bloqueos contra fuego",
    "Plans not on site": "Los planos no están en la obra",
    "Backflow Test Form not on site": "El formulario de prueba de contraflujo no está en el sitio",
    "Backflow device not reachable": "No se puede llegar al dispositivo de contraflujo",
    "Missing rain or freeze sensor": "Falta el sensor de lluvia o de heladas",
}


def up(migrator, db):
    for text, text_es in SPANISH.items():
        db.execute_sql(
            f"UPDATE correction SET text_es = {db.param} WHERE text = {db.param} AND text_es = ''", (text_es, text)
        )


def down(migrator, db):
    """What a city reads by now stays: it fits the tables before as well."""
