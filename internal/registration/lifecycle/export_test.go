package lifecycle

// For tests of how codes are made and reminders chosen.
var (
	CodeOf     = codeOf
	ReminderOf = reminderOf
)
