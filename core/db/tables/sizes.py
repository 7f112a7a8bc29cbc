"""How large the database was."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base


class SizeSample(Base):
    """The database's size once a day, for its growth in ``ciclo status``."""

    __tablename__ = "size_samples"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    size: Mapped[int]
