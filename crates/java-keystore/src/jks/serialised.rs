//! The end of a serialised Java object: a secret key in JCEKS has no length in front of it.
//!
//! Only what a `SealedObject` consists of is understood (Java Object Serialization Specification, chapter 6): objects, class
//! descriptions, arrays, strings, null and references back.

use crate::cursor::Cursor;
use crate::error::{ReadError, ReadErrorKind};

/// Goes past a serialised `SealedObject`.
pub(super) fn skip(cursor: &mut Cursor<'_>) -> Result<(), ReadError> {
    let mut stream = Stream { cursor, handles: Vec::new() };
    if stream.cursor.u32()? != 0xaced_0005 {
        return Err(stream.malformed());
    }
    let class = stream.object(0)?;
    if class.is_some_and(|class| SEALED.contains(&class)) {
        Ok(())
    } else {
        Err(stream.malformed())
    }
}

/// The classes that Java's own filter lets through.
const SEALED: [&[u8]; 2] =
    [b"com.sun.crypto.provider.SealedObjectForKeyProtector", b"javax.crypto.SealedObject"];

struct Stream<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    /// What was seen, in the order of the handles; descriptions of classes are what references are made to.
    handles: Vec<Option<Description<'a>>>,
}

/// A class and its superclasses.
#[derive(Clone, Debug)]
struct Description<'a> {
    name: &'a [u8],
    /// The types of the fields, superclasses first.
    fields: Vec<u8>,
}

impl<'a> Stream<'_, 'a> {
    fn malformed(&self) -> ReadError {
        self.cursor.error(ReadErrorKind::MalformedSecretKey)
    }

    /// Reads a value; returns the class of an object.
    fn object(&mut self, depth: usize) -> Result<Option<&'a [u8]>, ReadError> {
        if depth > MAX_DEPTH || self.handles.len() > MAX_HANDLES {
            return Err(self.malformed());
        }
        match self.cursor.u8()? {
            NULL => Ok(None),
            REFERENCE => {
                self.cursor.u32()?;
                Ok(None)
            }
            STRING => {
                self.cursor.string()?;
                self.handles.push(None);
                Ok(None)
            }
            OBJECT => {
                let class = self.class(depth + 1)?.ok_or_else(|| self.malformed())?;
                self.handles.push(None);
                for field in class.fields {
                    self.field(field, depth + 1)?;
                }
                Ok(Some(class.name))
            }
            ARRAY => {
                let class = self.class(depth + 1)?.ok_or_else(|| self.malformed())?;
                self.handles.push(None);
                let length = self.cursor.u32()?;
                let kind = class.name.get(1).copied().unwrap_or_default();
                for _ in 0..length {
                    self.field(kind, depth + 1)?;
                }
                Ok(None)
            }
            _ => Err(self.malformed()),
        }
    }

    fn field(&mut self, kind: u8, depth: usize) -> Result<(), ReadError> {
        let size = match kind {
            b'B' | b'Z' => 1,
            b'C' | b'S' => 2,
            b'I' | b'F' => 4,
            b'J' | b'D' => 8,
            b'L' | b'[' => return self.object(depth).map(|_| ()),
            _ => return Err(self.malformed()),
        };
        self.cursor.take(size).map(|_| ())
    }

    /// Reads the description of a class and of its superclasses.
    fn class(&mut self, depth: usize) -> Result<Option<Description<'a>>, ReadError> {
        if depth > MAX_DEPTH {
            return Err(self.malformed());
        }
        match self.cursor.u8()? {
            NULL => Ok(None),
            REFERENCE => {
                let index = self.cursor.u32()?.wrapping_sub(0x007e_0000);
                let seen = usize::try_from(index).ok().and_then(|index| self.handles.get(index));
                seen.cloned().flatten().map(Some).ok_or_else(|| self.malformed())
            }
            CLASS => {
                let name = self.cursor.string()?;
                self.cursor.take(8)?;
                let handle = self.handles.len();
                self.handles.push(None);
                let flags = self.cursor.u8()?;
                let own = self.field_types(depth)?;
                // No class of a sealed object writes data of its own or annotates.
                if flags & 0x01 != 0 || self.cursor.u8()? != END {
                    return Err(self.malformed());
                }
                let mut fields = self.class(depth + 1)?.map_or_else(Vec::new, |above| above.fields);
                fields.extend(own);
                let description = Description { name, fields };
                if let Some(place) = self.handles.get_mut(handle) {
                    *place = Some(description.clone());
                }
                Ok(Some(description))
            }
            _ => Err(self.malformed()),
        }
    }

    fn field_types(&mut self, depth: usize) -> Result<Vec<u8>, ReadError> {
        let mut types = Vec::new();
        for _ in 0..self.cursor.u16()? {
            let kind = self.cursor.u8()?;
            self.cursor.string()?;
            if matches!(kind, b'L' | b'[') {
                self.object(depth + 1)?;
            }
            types.push(kind);
        }
        Ok(types)
    }
}

const NULL: u8 = 0x70;
const REFERENCE: u8 = 0x71;
const CLASS: u8 = 0x72;
const OBJECT: u8 = 0x73;
const STRING: u8 = 0x74;
const ARRAY: u8 = 0x75;
const END: u8 = 0x78;

const MAX_DEPTH: usize = 16;
const MAX_HANDLES: usize = 1000;
