"""The demo city: Panzhihua's real places, everything else invented and visibly so, the same on every machine."""
