//! What a setting is.

/// A setting whose values are `T`s.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// What its users see of it.
    pub about: About,
    /// Reads a value; `None` if it is none.
    pub(super) parse: fn(&str) -> Option<T>,
}

/// What the users of a setting see of it.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Its flag, without the dashes, and its key in the settings file.
    pub key: &'static str,
    /// Its environment variable.
    pub variable: &'static str,
    /// What stands for a value in the help.
    pub(super) placeholder: &'static str,
    /// What it is for.
    pub(super) help: &'static str,
    /// What a value has to be, to follow "give".
    pub(super) expects: &'static str,
    /// The value where none is given.
    pub(super) default: Option<fn() -> String>,
    /// Makes a value one that messages and logs may show; `None` where there is nothing to hide.
    pub(super) mask: Option<fn(&str) -> String>,
}

/// Settings that stand together in the help.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Their title.
    pub heading: &'static str,
    /// The settings.
    pub settings: &'static [&'static About],
}

impl<T> Setting<T> {
    pub(super) const fn new(
        key: &'static str,
        variable: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Self {
        Self {
            about: About {
                key,
                variable,
                placeholder: "",
                help: "",
                expects: "",
                default: None,
                mask: None,
            },
            parse,
        }
    }

    pub(super) const fn help(mut self, placeholder: &'static str, help: &'static str) -> Self {
        self.about.placeholder = placeholder;
        self.about.help = help;
        self
    }

    pub(super) const fn expects(mut self, expects: &'static str) -> Self {
        self.about.expects = expects;
        self
    }

    pub(super) const fn default(mut self, default: fn() -> String) -> Self {
        self.about.default = Some(default);
        self
    }

    pub(super) const fn without_default(mut self) -> Self {
        self.about.default = None;
        self
    }

    pub(super) const fn masked(mut self, mask: fn(&str) -> String) -> Self {
        self.about.mask = Some(mask);
        self
    }
}

impl About {
    /// A value as logs may show it.
    pub(super) fn shown(&self, text: &str) -> String {
        self.mask.map_or_else(|| text.to_owned(), |mask| mask(text))
    }

    /// A value as messages may show it.
    pub(super) fn quoted(&self, text: &str) -> String {
        self.mask.map_or_else(|| format!("{text:?}"), |mask| mask(text))
    }
}
