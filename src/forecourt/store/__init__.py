"""What must outlive a restart: tables, repositories, migrations, signing keys; rows stop here."""
