"""What can be made of a frozen text: blocks for native apps, Markdown, sentences and their differences, a PDF. None of it is stored."""
