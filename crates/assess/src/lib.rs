//! Subject, profile and day to verdict with reasons; pure.
