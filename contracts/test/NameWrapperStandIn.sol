// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

interface IRegistry {
    function setResolver(bytes32 node, address resolver) external;
}

/// @title The part of ENS's NameWrapper that decides who may set the resolver of a wrapped name
/// @notice A stand-in for tests: ENS publishes no artifact of the real one. Names get in by `wrap` without any
/// check; what is asked and refused afterwards is as in ens-contracts' NameWrapper.
contract NameWrapperStandIn {
    uint32 public constant CANNOT_SET_RESOLVER = 8;
    uint32 public constant PARENT_CANNOT_CONTROL = 1 << 16;
    uint32 public constant IS_DOT_ETH = 1 << 17;
    uint64 private constant GRACE_PERIOD = 90 days;

    error Unauthorised(bytes32 node, address addr);
    error OperationProhibited(bytes32 node);

    struct Token {
        address owner;
        uint32 fuses;
        uint64 expiry;
    }

    IRegistry public immutable ens;
    mapping(uint256 id => Token) private _tokens;
    mapping(address account => mapping(address operator => bool)) public isApprovedForAll;

    constructor(IRegistry registry) {
        ens = registry;
    }

    /// @param expiry The last second (since 1970) for which the name is wrapped.
    function wrap(bytes32 node, address owner, uint32 fuses, uint64 expiry) external {
        _tokens[uint256(node)] = Token(owner, fuses, expiry);
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
    }

    function setResolver(bytes32 node, address resolver) external {
        (address owner, uint32 fuses, uint64 expiry) = getData(uint256(node));
        bool inGracePeriod = fuses & IS_DOT_ETH != 0 && expiry - GRACE_PERIOD < block.timestamp;
        bool isOwner = owner == msg.sender || isApprovedForAll[owner][msg.sender];
        require(isOwner && !inGracePeriod, Unauthorised(node, msg.sender));
        require(fuses & CANNOT_SET_RESOLVER == 0, OperationProhibited(node));
        ens.setResolver(node, resolver);
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == 0xd82c42d8;
    }

    function ownerOf(uint256 id) external view returns (address owner) {
        (owner, , ) = getData(id);
    }

    /// @notice After its expiry a name has no fuses, and no owner either if its parent could not control it.
    function getData(
        uint256 id
    ) public view returns (address owner, uint32 fuses, uint64 expiry) {
        Token memory token = _tokens[id];
        if (token.expiry >= block.timestamp) return (token.owner, token.fuses, token.expiry);
        bool isEmancipated = token.fuses & PARENT_CANNOT_CONTROL != 0;
        return (isEmancipated ? address(0) : token.owner, 0, token.expiry);
    }
}
