-- Which of the booking's times a message was about: a reminder of a time that it was moved away from is nobody's concern any more.
ALTER TABLE booking_message ADD COLUMN sequence integer;
