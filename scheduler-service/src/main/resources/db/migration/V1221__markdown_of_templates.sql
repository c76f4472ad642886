-- What a version says in Telegram's MarkdownV2, where it has words of its own for Telegram.
ALTER TABLE template_version ADD COLUMN markdown text;
