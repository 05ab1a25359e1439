"""Which sentences make the answer, and how they are put together."""
