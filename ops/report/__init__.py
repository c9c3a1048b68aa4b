"""The command `report`: one page, with nothing outside it, of what came of the uploads."""
