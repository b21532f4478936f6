//! The order of Java's `TreeSet` under a comparator that does not see all equals: candidates for a path.

use std::cmp::Ordering;

/// A set that asks a newcomer how it compares with those that it meets on its way down a red-black tree, and no others.
///
/// What it finds there decides whether it is taken twice: the shape of the tree has to be Java's.
pub(crate) struct SortedSet<T>(Option<Box<Node<T>>>);

struct Node<T> {
    item: T,
    is_red: bool,
    left: Option<Box<Self>>,
    right: Option<Box<Self>>,
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl<T> SortedSet<T> {
    /// Returns the empty set.
    pub(crate) fn new() -> Self {
        Self(None)
    }

    /// Puts an item in, unless it meets its equal.
    pub(crate) fn insert(&mut self, item: T, compare: &dyn Fn(&T, &T) -> Ordering) {
        let mut root = insert(self.0.take(), item, compare);
        root.is_red = false;
        self.0 = Some(root);
    }

    /// Returns what `map` makes of the first item of which it makes something.
    pub(crate) fn find_map<U>(&self, map: &dyn Fn(&T) -> Option<U>) -> Option<U> {
        find_map(self.0.as_deref()?, map)
    }

    /// Returns the items in order.
    pub(crate) fn into_vec(self) -> Vec<T> {
        let mut all = Vec::new();
        collect(self.0, &mut all);
        all
    }
}

fn collect<T>(node: Option<Box<Node<T>>>, all: &mut Vec<T>) {
    if let Some(node) = node {
        collect(node.left, all);
        all.push(node.item);
        collect(node.right, all);
    }
}

fn find_map<T, U>(node: &Node<T>, map: &dyn Fn(&T) -> Option<U>) -> Option<U> {
    let below = |child: &Option<Box<Node<T>>>| find_map(child.as_deref()?, map);
    below(&node.left).or_else(|| map(&node.item)).or_else(|| below(&node.right))
}

/// Inserts below `node`; the depth is that of a balanced tree.
fn insert<T>(
    node: Option<Box<Node<T>>>,
    item: T,
    compare: &dyn Fn(&T, &T) -> Ordering,
) -> Box<Node<T>> {
    let Some(mut node) = node else {
        return Box::new(Node { item, is_red: true, left: None, right: None });
    };
    let side = match compare(&item, &node.item) {
        Ordering::Equal => return node,
        Ordering::Less => Side::Left,
        Ordering::Greater => Side::Right,
    };
    let child = node.child(side);
    *child = Some(insert(child.take(), item, compare));
    balance(node, side)
}

/// Takes away a red node under a red one, two levels under `node`.
fn balance<T>(mut node: Box<Node<T>>, side: Side) -> Box<Node<T>> {
    let other = side.other();
    let Some(mut child) = node.child(side).take() else { return node };
    let is_inner = is_red(child.child(other));
    if !child.is_red || !(is_inner || is_red(child.child(side))) {
        *node.child(side) = Some(child);
        return node;
    }
    if let Some(uncle) = node.child(other).as_mut().filter(|uncle| uncle.is_red) {
        uncle.is_red = false;
        child.is_red = false;
        node.is_red = true;
        *node.child(side) = Some(child);
        return node;
    }
    *node.child(side) = Some(if is_inner { raise(child, other) } else { child });
    node.is_red = true;
    let mut top = raise(node, side);
    top.is_red = false;
    top
}

/// Rotates: the child at `side` comes up.
fn raise<T>(mut node: Box<Node<T>>, side: Side) -> Box<Node<T>> {
    let Some(mut up) = node.child(side).take() else { return node };
    *node.child(side) = up.child(side.other()).take();
    *up.child(side.other()) = Some(node);
    up
}

fn is_red<T>(node: &Option<Box<Node<T>>>) -> bool {
    node.as_ref().is_some_and(|node| node.is_red)
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

impl<T> Node<T> {
    fn child(&mut self, side: Side) -> &mut Option<Box<Self>> {
        match side {
            Side::Left => &mut self.left,
            Side::Right => &mut self.right,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Equals are seen by name only; of one rank the newcomer goes first.
    fn ordered(items: &[(u8, char)]) -> String {
        let mut set = SortedSet::new();
        for item in items {
            set.insert(*item, &|new, held| match new {
                same if same == held => Ordering::Equal,
                (rank, _) if *rank <= held.0 => Ordering::Less,
                _ => Ordering::Greater,
            });
        }
        set.into_vec().into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn a_newcomer_meets_only_those_on_its_way_down() {
        for (items, expected) in [
            (&[(0, 'a'), (0, 'b'), (0, 'c')][..], "cba"),
            (&[(1, 'a'), (0, 'b'), (2, 'c'), (1, 'd')], "bdac"),
            (&[(0, 'a'), (0, 'b'), (0, 'b')], "ba"),
            // the root is b: c and b are met, a is not
            (&[(0, 'a'), (0, 'b'), (0, 'c'), (0, 'c'), (0, 'b')], "cba"),
            (&[(0, 'a'), (0, 'b'), (0, 'c'), (0, 'a')], "acba"),
        ] {
            assert_eq!(ordered(items), expected);
        }
    }

    #[test]
    fn the_depth_stays_small() {
        fn depth<T>(node: &Option<Box<Node<T>>>) -> u32 {
            node.as_ref().map_or(0, |node| 1 + depth(&node.left).max(depth(&node.right)))
        }
        let mut set = SortedSet::new();
        for item in 0..1000_u32 {
            set.insert(item * 7919 % 1000, &Ord::cmp);
        }
        assert!(depth(&set.0) <= 20);
        assert!(set.into_vec().into_iter().eq(0..1000));
    }
}
