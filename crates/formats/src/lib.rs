//! Bytes of machine databases to observations; pure.
